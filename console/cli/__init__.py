"""The command line: one module a command or family, over the same desk as the window.

Every module gives a function that adds its arguments to a parser and one that does the work and gives the exit code
(:mod:`console.cli.commands` lists them). None imports anything heavy before it runs.
"""
