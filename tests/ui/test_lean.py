"""Lean widgets share what they do not change, and refuse to change what they share."""

from __future__ import annotations

import pytest

from ecomsim.ui import lean


def test_layout_and_style_are_one_object() -> None:
    first, second = lean.Button(description="a"), lean.Button(description="b")
    assert first.layout is second.layout and first.style is second.style
    assert lean.HTML().layout is first.layout and lean.HTML().style is not first.style


def test_what_is_shared_cannot_be_changed() -> None:
    box = lean.Box()
    with pytest.raises(AttributeError, match="layout=Layout"):
        box.layout.height = "10px"
    with pytest.raises(AttributeError, match="layout=Layout"):
        box.layout.set_trait("display", "none")
    assert lean.VBox().layout.height is None


def test_a_layout_of_its_own_is_kept_apart() -> None:
    box = lean.Box(layout=lean.Layout(height="10px"))
    box.layout.height = "20px"
    assert box.layout.height == "20px" and lean.Box().layout.height is None


def test_what_the_browser_sees_is_the_usual_widget() -> None:
    import ipywidgets

    for kind in (lean.Box, lean.Button, lean.Dropdown, lean.FloatSlider, lean.Text, lean.DatePicker):
        usual, ours = getattr(ipywidgets, kind.__name__)().get_state(), kind().get_state()
        differing = {key for key in usual if usual[key] != ours[key]}
        assert usual.keys() == ours.keys() and differing <= {"layout", "style"}


def test_closing_one_does_not_leave_a_dead_layout() -> None:
    lean.Box().layout.close()
    assert lean.Box().layout.comm is not None


def test_show_takes_off_and_brings_back() -> None:
    box = lean.Box()
    lean.show(box, False)
    assert "es-gone" in box._dom_classes
    lean.show(box)
    assert "es-gone" not in box._dom_classes
