"""Reading a NodeBB community: flags, held posts, forums, threads with their posts, members, notifications."""
