"""The table of lessons on the front page and in the README."""

import pytest
from front_page import fill_in_table, header


def test_a_lessons_header_is_read(tmp_path):
    source = tmp_path / "07_name.py"
    source.write_text(
        "# %% [markdown]\n# # 07 · A name\n#\n# **A question\n# on two lines?**\n#\n"
        "# [Open in Colab](x) · [Open on Binder](y) ·\n# 12 minutes to study, half a\n# minute to run, offline\n"
    )
    facts = header(source)
    assert (facts.title, facts.question) == ("07 · A name", "A question on two lines?")
    assert (facts.study, facts.run) == ("12 minutes", "half a minute")
    source.write_text("# %% [markdown]\n# # 07 · A name\n#\n# **A question?**\n")
    with pytest.raises(ValueError, match=r"07_name\.py must begin with a title"):
        header(source)


def test_only_a_text_with_both_marks_gets_the_table():
    for text in ("nothing", "<!-- lessons, made by make notebooks -->\n", "<!-- end of lessons -->\n"):
        assert fill_in_table(text) == text
    text = "a\n# <!-- lessons, made by make notebooks -->\n# was here\n# <!-- end of lessons -->\nz\n"
    filled = fill_in_table(text, comment="# ")
    assert "was here" not in filled and filled.startswith("a\n") and filled.endswith("\nz\n")
    assert all(line.startswith("#") for line in filled.splitlines()[1:-1])
    assert fill_in_table(filled, comment="# ") == filled
