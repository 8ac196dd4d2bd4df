"""What people see: windows, item models, dialogs. Qt; knows ``moderation`` and ``resources`` only."""
