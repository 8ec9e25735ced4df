"""Building the elements of an HTML page."""

from __future__ import annotations

from xml.etree.ElementTree import Element, SubElement


def add(parent: Element, tag: str, text: str = "", css: str = "", **attributes: str) -> Element:
    """Add an element; the classes of ``css`` are separated by spaces."""
    child = SubElement(parent, tag, attributes)
    if css:
        child.set("class", css)
    if text:
        child.text = text
    return child
