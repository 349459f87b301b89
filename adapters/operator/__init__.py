"""What an operator asks at the command line: size, doctor, setup, export-feedback.

A command has a module of its own name, which draws what it found; `adapters/main.py` registers it. This is
part of the command line: unlike an adapter, it may use the others.

    doctor/   a module for each thing that is looked at, and the report
    feedback  what people rated, with `bot.feedback` for the records
    setup/    a module for each step of the way to a written `.env`
    size      gpus (what can be named), model_config (a config.json's shapes), with `bot.size` for the sums
"""
