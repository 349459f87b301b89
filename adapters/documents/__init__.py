"""Reads the text of PDF and Word files, each in a process of its own that is ended at its limits.

PDF files need the extra `documents`; Word's are read with the standard library alone.
"""

from adapters.documents.documents import ReaderProcesses

__all__ = ["ReaderProcesses"]
