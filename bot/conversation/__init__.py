"""What is said, asked, set and shown: values. Nothing here waits, and nothing here knows a platform."""
