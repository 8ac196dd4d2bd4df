"""The sample community as a Discourse answers: the same members, threads and reports in that platform's wire format."""
