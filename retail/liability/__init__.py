"""What the brand owes its members, and what its budgets may still give: read from other rooms."""
