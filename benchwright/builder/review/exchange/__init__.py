"""Review without a server: spreadsheets with locked columns, and campaign files of Pearmut."""
