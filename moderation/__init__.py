"""What is true and what may be done: types, rules, plans. Standard library only, pure."""
