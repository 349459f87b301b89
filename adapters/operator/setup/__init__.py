"""From nothing to a written `.env`: asks step by step, and checks answers with the doctor's questions.

Each platform has its step in its own folder, `model` has the model's; each gives the variables to set.
`interview` asks people, or takes what options say; `env_file` knows how `.env` changes; `setup` is the way
through them, and `command` has its options. Nothing is written before the end.
"""
