"""Who of the staff follows which forum: the matrix, what nobody covers, and what can be done about it."""
