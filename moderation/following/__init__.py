"""Who of the staff follows which forum, what nobody covers, and who could (DESIGN section 9). Pure."""
