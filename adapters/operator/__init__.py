"""What an operator asks at the command line: size, doctor, setup, export-feedback.

A command has a module of its own name, which draws what it found; `adapters/main.py` registers it. This is
part of the command line: unlike an adapter, it may use the others.

    doctor/    runs the checks of platforms, models and store, each of which stands beside what it asks
    feedback/  what people rated, as records
    setup/     the way to a written `.env`; each platform asks its own questions
    sizing/    what memory a model needs, and which GPUs hold it
"""
