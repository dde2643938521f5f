"""The league as people see it: standings with names, only of those who agree to be shown."""
