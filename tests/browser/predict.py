"""Predictions on a page: answered, changed, met by what was measured, and counted."""

import re

import pytest
from playwright.sync_api import expect

COUNT = "You made {} of {} predictions. Of the {} that you compared, {} came out as you said."


def question(output, made_from):
    """Every answer by mouse and one by key, or a number by both: the last is kept, counted once, and not compared."""
    page, inputs = output.page, output.locator("input")
    expect(output.locator("legend")).to_have_text(f"Predict first: {made_from['question']}")
    expect(output.locator(".lessons-status")).to_have_text("Choose an answer, then go on.")
    before, others = predictions_made(page), answers(page)
    output.scroll_into_view_if_needed()
    if made_from["options"]:
        assert inputs.count() == len(made_from["options"])
        for number, option in enumerate(made_from["options"]):
            expect(output.locator("label").nth(number)).to_have_text(option)
            output.locator("label").nth(number).click()
            assert answer(output) == option and output.locator("input:checked").count() == 1
        inputs.last.press("ArrowUp")
        assert answer(output) == made_from["options"][-2] and output.locator("input:checked").count() == 1
    else:
        low, high, _ = made_from["ends"]
        reading = output.locator("output")
        expect(reading).to_be_empty()
        inputs.click(position={"x": 0.25 * inputs.bounding_box()["width"], "y": 5})
        by_mouse = float(answer(output))
        assert low < by_mouse < (low + high) / 2
        assert_is_number(reading.text_content(), by_mouse, made_from["unit"])
        inputs.press("ArrowRight")
        assert by_mouse < float(answer(output)) <= high
        assert_is_number(reading.text_content(), float(answer(output)), made_from["unit"])
    expect(output.locator(".lessons-status")).to_have_text("Your answer is kept; you can change it until you compare.")
    assert predictions_made(page) == [made + 1 for made in before]
    assert sum(now != then for now, then in zip(answers(page), others, strict=True)) == 1
    assert "".join(page.locator(".lessons-comparison").all_text_contents()) == ""


def comparison(output, made_from):
    """Nothing is shown before the button is pressed; then the answer beside what was measured."""
    asked, words = question_of(output.page, made_from["question"]), output.locator(".lessons-comparison")
    expect(words).to_be_empty()
    given = answers(output.page)
    output.get_by_role("button", name="Compare").press("Enter")
    expect(words).not_to_be_empty()
    said, measured = answer(asked), made_from["measured"]
    told = re.fullmatch("You said (.+); measured: (.+?)( ✓)?", words.text_content())
    if made_from["question"]["options"]:
        assert told[1] == said and told[2] == measured
        right = said == measured
    else:
        assert_is_number(told[1], float(said), made_from["question"]["unit"])
        assert_is_number(told[2], float(measured), made_from["question"]["unit"])
        right = abs(float(said) - float(measured)) <= made_from["within"]
    assert bool(told[3]) == right
    assert output.locator("button:visible").count() == 0
    assert asked.locator("input:not(:disabled)").count() == 0  # what was measured is known now
    expect(asked.locator(".lessons-status")).to_have_text("Compared below.")
    assert answers(output.page) == given


def count(output, made_from):
    """After all were answered and compared: every one is counted, and those that came out."""
    questions = len(made_from["questions"])
    compared = [words for words in output.page.locator(".lessons-comparison").all_text_contents() if words]
    right = sum("✓" in words for words in compared)
    expect(output.locator(".lessons-count")).to_have_text(COUNT.format(questions, questions, len(compared), right))


def predictions_made(page):
    """Return how many each PredictionCount of the page counts now."""
    return [int(re.search(r"\d+", words)[0]) for words in page.locator(".lessons-count").all_text_contents()]


def answers(page):
    """Return what every question of the page holds; None where nothing is chosen."""
    return page.locator(".lessons-prediction").evaluate_all(
        "(all) => all.map((view) => view.querySelector('input:checked, input[type=range]')?.value ?? null)"
    )


def question_of(page, made_from):
    """Return the view of the question that was made so."""
    views = page.locator(".lessons-widget:has(> .lessons-prediction)")
    asked = views.locator("legend").all_text_contents()
    return views.nth(asked.index(f"Predict first: {made_from['question']}"))


def answer(output):
    """Return what a question's view holds."""
    chosen = output.locator("input:checked, input[type=range]")
    expect(chosen).to_have_count(1)
    return chosen.input_value()


def assert_is_number(words, wanted, unit):
    """The words are a number with four digits and its unit, and the number wanted."""
    assert words.endswith(unit)
    number = words.removesuffix(unit).strip().replace("−", "-")
    assert float(number) == pytest.approx(wanted, rel=5.1e-4, abs=1e-12)
