"""Records in the forms that others read: tables, JSON, pictures, each with a sheet that says what it is."""
