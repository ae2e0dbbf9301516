"""What is remembered while one file is read is not kept for the next."""

from __future__ import annotations

from benchwright.sources._remembered import forget, remembered


def test_answers_are_remembered_until_they_are_forgotten() -> None:
    asked: list[str] = []

    @remembered(8)
    def shout(text: str) -> str:
        asked.append(text)
        return text.upper()

    assert (shout("a"), shout("a"), shout("b")) == ("A", "A", "B")
    assert asked == ["a", "b"]
    forget()
    assert shout("a") == "A"
    assert asked == ["a", "b", "a"]
