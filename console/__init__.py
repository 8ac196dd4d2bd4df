"""The program: entry, command line, settings, credentials and wiring; knows everything, holds no rules."""
