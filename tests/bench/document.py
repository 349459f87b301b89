"""Puts figures into a page of documentation, between its marks. Pure."""

BEGIN, END = "<!-- figures: make bench writes them -->", "<!-- end of figures -->"


def with_figures(page: str, figures: str) -> str:
    """The page with these in place of those that it had. Raises `ValueError` where it has no marks."""
    before, begin, rest = page.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not (begin and end):
        raise ValueError(f"the page has no {BEGIN} … {END}")
    return f"{before}{BEGIN}\n{figures}{END}{after}"
