"""`mixtral-bot backup` and `restore`: all that is kept, in one file and back.

command     what an operator says              archive    the file, in and out, chunk by chunk
saving      the store into a file              sealing    a chunk that nobody reads without the passphrase
restoring   a file into a store                entries    what a key holds, as bytes
"""
