"""Label Studio: tasks pushed, annotations pulled, a server started."""
