"""What an operator asks at the command line: size, doctor, setup, export-feedback."""
