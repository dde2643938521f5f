"""What was bought: receipts from tills and from history, their codes, their returns."""
