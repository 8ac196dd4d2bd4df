"""The community's NodeBB face: routes, payloads and errors as NodeBB 4.15.1 sends them, oddities included."""
