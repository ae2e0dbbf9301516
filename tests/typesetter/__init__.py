"""The exam typesetter: prints made-up exams in many layouts with their exact ground truth."""
