"""What fit and evaluate can't work with ends in one sentence, and the model stays as it was."""

import copy
import math

import numpy as np
import pytest
import torch
from test_training import N, data, linear, mse, regression, small_fit, weights
from torch import nn

from lessons_lib.training import evaluate, fit
from lessons_lib.training_checks import check_data


def refused(match, model, x, loss=mse, **options):
    """Fit, see one sentence before the first step, and see that nothing in the model has changed."""
    before = copy.deepcopy(model.state_dict()), [module.training for module in model.modules()]
    with pytest.raises(ValueError, match=match) as caught:
        fit(model, x, loss, **{"epochs": 2, "batch_size": 4} | options)
    assert "\n" not in str(caught.value)
    for name, value in model.state_dict().items():
        torch.testing.assert_close(value, before[0][name], rtol=0, atol=0)
    assert [module.training for module in model.modules()] == before[1]


def net(*layers):
    torch.manual_seed(0)
    return nn.Sequential(*layers)


def images(dtype=torch.float32, n=8):
    return torch.randint(0, 2, (n, 1, 6, 6), generator=torch.Generator().manual_seed(0)).to(dtype)


def to_class(model, x, y):
    return nn.functional.cross_entropy(model(x), y)


WRONG_TYPES = [torch.float64, torch.uint8, torch.int64, torch.bool, torch.float16, torch.bfloat16]
PAIRS = [(layer, dtype) for layer in ("linear", "convolution", "norm") for dtype in WRONG_TYPES]


@pytest.mark.parametrize(("layer", "dtype"), PAIRS[:-2], ids=str)  # BatchNorm takes half precision as it is
def test_data_of_another_type_than_the_weights_are_named(layer, dtype):
    first = {"linear": nn.Linear(36, 3), "convolution": nn.Conv2d(1, 2, 3), "norm": nn.BatchNorm1d(36)}[layer]
    x = images(dtype) if layer == "convolution" else images(dtype).flatten(1)
    name = str(dtype).removeprefix("torch.")

    def loss(model, x):
        return model(x).square().mean()

    wanted = rf"^loss\(model, x\) on data failed on a batch of \(4, .*\) {name}: .*try \.to\(torch\.float32\)"
    refused(wanted, net(first), x, loss)
    if layer != "norm":
        with pytest.raises(ValueError, match=wanted.replace(r"\(4, ", r"\(8, ")):
            evaluate(net(first), x, loss)


@pytest.mark.parametrize("dtype", [torch.float32, torch.int32], ids=str)
def test_labels_and_tokens_of_another_type_are_named(dtype):
    x, y = torch.arange(8) % 5, (torch.arange(8) % 3).to(dtype)
    refused(r"\(4,\) .*32: .* Call \.long\(\) on the labels", net(nn.Linear(3, 3)), (data(8), y), to_class)
    if dtype is torch.float32:
        refused(
            r"\(4,\) float32: .* Call \.long\(\) on what", net(nn.Embedding(5, 3)), x.float(), lambda m, x: m(x).mean()
        )


def test_float32_data_for_a_float64_model_are_named():
    refused(r"float32: .*try \.to\(torch\.float64\)", linear().double(), data())


@pytest.mark.parametrize("dtype", [torch.float64, torch.bfloat16], ids=str)
def test_data_of_the_models_type_are_trained_with(dtype):
    model = linear().to(dtype)
    history = fit(model, data().to(dtype), mse, epochs=30, batch_size=4, learning_rate=0.01)
    assert history.train[-1] < 0.7 * history.train[0]


@pytest.mark.parametrize("labels", [torch.int64, torch.uint8], ids=str)
def test_whole_labels_and_whole_tokens_are_trained_with(labels):
    x, y = torch.arange(8) % 5, (torch.arange(8) % 3).to(labels)
    model = net(nn.Embedding(5, 4), nn.Linear(4, 3))
    history = fit(model, (x, y), to_class, epochs=60, batch_size=4, learning_rate=0.05, test_data=(x, y))
    assert history.train[-1] < 0.5 * history.train[0]


def test_mixed_types_that_work_are_trained_with():
    class Scale(nn.Module):
        def __init__(self):
            super().__init__()
            self.scale = nn.Parameter(torch.ones(3))

        def forward(self, x):
            return self.scale * x

    for x in (data().double(), (data() * 5).byte()):
        assert len(fit(Scale(), x, mse, epochs=2).train) == 2
    assert len(fit(linear(), (data(), data().double()), regression, epochs=2).train) == 2


@pytest.mark.parametrize(
    ("model", "x", "loss", "words"),
    [
        (net(nn.Linear(7, 3)), data(), mse, r"\(4, 3\) float32: mat1 and mat2 shapes"),
        (net(nn.Linear(3, 5)), data(), mse, r"\(4, 3\) float32: The size of tensor a"),
        (net(nn.Conv2d(3, 2, 3)), images(), mse, "channels"),
        (net(nn.BatchNorm1d(5)), data(), mse, "running_mean should contain 3 elements not 5"),
        (net(nn.Linear(3, 2)), (data(), torch.full((N,), 7)), to_class, "Target 7 is out of bounds"),
        (net(nn.Linear(3, 2)), (data(), torch.ones(N, 1).long()), to_class, r"\(4, 1\) int64"),
        (net(nn.Embedding(5, 3)), torch.full((8,), 9), lambda model, x: model(x).mean(), "index out of range"),
        (linear(), data(), lambda model, x: model(x).sum(dim=3).mean(), "Dimension out of range"),
        (linear(), data(), lambda model, x: model(x)[:, 5].mean(), "out of bounds for dimension 1"),
        (linear(), data(), lambda model, x: model(x.view(-1, 5)).mean(), "shape"),
    ],
    ids=range(10),
)
def test_shapes_that_do_not_fit_are_named(model, x, loss, words):
    refused(rf"^loss\(model, x.*\) on data failed on a batch of .*{words}", model, x, loss)
    with pytest.raises(ValueError, match=rf"^loss\(model, x.*\) on data failed on a batch of .*({words}|{N}, )"):
        evaluate(model, x, loss)


def raising(error):
    def loss(model, x):
        raise error

    return loss


@pytest.mark.parametrize("error", [KeyError("a"), RuntimeError("mine"), ValueError("mine"), IndexError("dimension"),
                                   AttributeError("a"), ZeroDivisionError(), NotImplementedError(), StopIteration()],
                         ids=repr)  # fmt: skip
def test_an_error_of_the_students_own_stays_theirs(error):
    for attempt in (lambda: small_fit(linear(), raising(error)), lambda: evaluate(linear(), data(), raising(error))):
        with pytest.raises(type(error)) as caught:
            attempt()
        assert caught.value is error


def test_a_slip_in_the_students_own_code_stays_theirs():
    slips = {
        KeyError: lambda model, x: {}["a"],
        IndexError: lambda model, x: [1, 2][5],
        AttributeError: lambda model, x: model.decodr(x),
        TypeError: lambda model, x: (model(x), 1) - x,
        ZeroDivisionError: lambda model, x: 1 / 0,
    }
    for kind, loss in slips.items():
        with pytest.raises(kind):
            small_fit(linear(), loss)

    def asserting(model, x):
        assert x.shape == (1, 1), "mine"

    with pytest.raises(AssertionError, match="mine"):
        small_fit(linear(), asserting)


def test_the_sentence_keeps_the_line_of_the_loss():
    with pytest.raises(ValueError, match="failed") as caught:
        small_fit(linear(), lambda model, x: model(x[:, :2]))
    assert isinstance(caught.value.__cause__, RuntimeError)


@pytest.mark.parametrize(
    ("loss", "x", "words"),
    [
        (lambda model, x, y: mse(model, x), data(), r"takes \(model, x, y\); .*loss\(model, x\)"),
        (mse, (data(), data()), r"takes \(model, x\); .*loss\(model, x, y\)"),
        (regression, (data(),), r"takes \(model, x, y\); .*loss\(model, x\)"),
        (lambda x: x.mean(), data(), r"takes \(x\); .*loss\(model, x\)"),
        (lambda model, x, *, beta: mse(model, x), data(), r"takes .*beta\); .*loss\(model, x\)"),
        (nn.MSELoss(), data(), r"is PyTorch's own MSELoss\(\); .*loss\(model, x\)"),
        (nn.functional.mse_loss, data(), "is PyTorch's own .*mse_loss"),
        ("mse", data(), "is 'mse'; it must be a function"),
        (None, data(), "is None; it must be a function"),
    ],
    ids=range(9),
)
def test_loss_that_does_not_take_the_pieces_is_named(loss, x, words):
    refused(f"^loss {words}", linear(), x, loss)
    with pytest.raises(ValueError, match=f"^loss {words}"):
        evaluate(linear(), x, loss)


def test_losses_of_other_kinds_are_taken():
    class Own(nn.Module):
        def forward(self, model, x, beta=1.0):
            return beta * mse(model, x)

    class Callable:
        def __call__(self, *arguments):
            return mse(*arguments)

    for loss in (Own(), Callable(), lambda *arguments: mse(*arguments), torch.enable_grad()(mse)):
        assert len(fit(linear(), data(), loss, epochs=1).train) == 1


@pytest.mark.parametrize(
    ("returned", "words"),
    [
        (lambda value: None, "NoneType"),
        (lambda value: value.long(), "int64"),
        (lambda value: value > 0, "bool"),
        (lambda value: value + 1j, "complex64"),
        (lambda value: (value,), "1 things"),
        (lambda value: (value, {}, {}), "3 things"),
        (lambda value: (value, None), "parts in a NoneType"),
        (lambda value: (value, value), "parts in a Tensor"),
        (lambda value: (value, [("size", value)]), "parts in a list"),
        (lambda value: (value, {1: value}), "a part named 1"),
        (lambda value: (value, {None: value}), "a part named None"),
        (lambda value: (value, {"size": None}), "a part 'size'"),
        (lambda value: (value, {"size": value.item()}), "a part 'size'"),
        (lambda value: (value, {"size": value + 1j}), "a part 'size'"),
        (lambda value: {"loss": value}, "dict"),
        (lambda value: value[None], r"\(1,\)"),
    ],
    ids=range(16),
)
def test_loss_that_returns_something_else_is_named(returned, words):
    refused(f"^loss returned .*{words}", linear(), data(), lambda model, x: returned(mse(model, x)))


def test_evaluate_takes_a_count_but_no_complex_number():
    assert evaluate(linear(), data(), lambda model, x: torch.tensor(len(x))) == N
    with pytest.raises(ValueError, match="^loss returned .*complex"):
        evaluate(linear(), data(), lambda model, x: mse(model, x) + 1j)
    assert math.isnan(evaluate(linear(), data(), lambda model, x: mse(model, x) * math.nan))


OUTSIDE = nn.Parameter(torch.ones(()))


@pytest.mark.parametrize(
    "loss",
    [
        lambda model, x: mse(model, x).detach(),
        lambda model, x: torch.tensor(mse(model, x).item()),
        lambda model, x: x.square().mean(),
        lambda model, x: OUTSIDE * x.square().mean(),
        torch.no_grad()(mse),
    ],
    ids=range(5),
)
def test_loss_without_a_trained_weight_is_named(loss):
    refused("^loss does not depend on any weight that is trained", linear(), data(), loss)


def test_frozen_model_is_named():
    refused("^model has only frozen parameters", linear().requires_grad_(False), data())


def test_loss_on_the_frozen_half_alone_is_named():
    model = net(nn.Linear(3, 3), nn.Linear(3, 3))
    model[0].requires_grad_(False)
    refused("^loss does not depend", model, data(), lambda model, x: model[0](x).mean())


def broken(model):
    with torch.no_grad():
        next(model.parameters())[0, 0] = math.nan
    return model


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: nn.Linear, "is the class Linear"),
        (lambda: lambda x: x, "is a function"),
        (lambda: None, "is a NoneType"),
        (lambda: nn.Linear(3, 3, device="meta"), "is on the device 'meta'"),
        (lambda: nn.Sequential(nn.LazyLinear(3)), "has lazy layers"),
        (lambda: nn.Sequential(nn.Linear(3, 3), nn.LazyBatchNorm1d(affine=False)), "has lazy layers"),
        (lambda: nn.Linear(3, 3, dtype=torch.complex64), "has complex weights"),
        (lambda: broken(linear()), r"has weights that are infinite or not a number \(weight\)"),
        (lambda: nn.BatchNorm1d(3, affine=False), "has no parameters"),
    ],
    ids=range(9),
)
def test_model_that_cannot_be_trained_is_named(make, words):
    with pytest.raises(ValueError, match=f"^model {words}") as caught:
        fit(make(), data(), mse, epochs=1)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("make", [lambda: nn.Linear, lambda: None, lambda: nn.Linear(3, 3, device="meta")])
def test_evaluate_names_what_is_no_model(make):
    with pytest.raises(ValueError, match="^model is "):
        evaluate(make(), data(), mse)


@pytest.mark.parametrize("off", [torch.no_grad, torch.inference_mode])
def test_fit_where_gradients_are_off_is_named(off):
    model = linear()
    with off(), pytest.raises(ValueError, match=r"^fit was called where gradients are switched off"):
        fit(model, data(), mse, epochs=1)


def test_model_built_in_inference_mode_is_named():
    with torch.inference_mode():
        model = linear()
    with pytest.raises(ValueError, match=r"^model was built under torch.inference_mode\(\)"):
        fit(model, data(), mse, epochs=1)


def test_sparse_gradients_are_named():
    model = net(nn.Embedding(5, 3, sparse=True))
    refused("^model has sparse gradients", model, torch.arange(5), lambda model, x: model(x).square().mean())


@pytest.mark.parametrize("make", [lambda x: x.to_sparse(), lambda x: x.to("meta")], ids=["sparse", "meta"])
def test_data_that_are_no_ordinary_tensor_are_named(make):
    refused("^data holds a tensor that is ", linear(), make(data()))
    refused("^test_data holds a tensor that is ", linear(), data(), test_data=make(data()))


def test_complex_data_with_nan_are_named():
    refused("^data holds values", linear(), torch.full((4, 3), complex(math.nan, 0)))


def test_float64_is_named_before_apple_refuses_it():
    with pytest.raises(ValueError, match="^data holds float64, .*MPS"):
        check_data(data().double(), "data", torch.device("mps"))


@pytest.mark.parametrize(
    ("test_data", "words"),
    [
        ((data(),), r"another number of pieces than data \(1 to data's 2\)"),
        (data(), r"another number of pieces than data \(1 to data's 2\)"),
        ((data(), data(), data()), r"another number of pieces than data \(3 to data's 2\)"),
        ((data().double(), data()), r"\(\(16, 3\) float64 to data's \(16, 3\) float32\)"),
        ((data(), data().long()), r"\(\(16, 3\) int64 to data's \(16, 3\) float32\)"),
        ((data()[:, :2], data()), r"\(\(16, 2\) float32 to data's \(16, 3\) float32\)"),
        ((data(), data()[:, 0]), r"\(\(16,\) float32 to data's \(16, 3\) float32\)"),
        ((data()[None], data()[None]), r"\(\(1, 16, 3\) float32 to data's \(16, 3\) float32\)"),
    ],
    ids=range(8),
)
def test_held_out_data_of_another_kind_are_named(test_data, words):
    for augment in (None, lambda x: x + 1):
        refused(
            f"^test_data has .*{words}", linear(), (data(), data()), regression, test_data=test_data, augment=augment
        )


def test_held_out_data_may_be_made_as_the_augmentation_makes_them():
    x, flat = images(torch.uint8), images().flatten(1)
    model = net(nn.Linear(36, 36))
    history = fit(model, x, mse, epochs=2, augment=lambda x: x.flatten(1).float(), test_data=flat)
    assert len(history.test) == 2
    refused(
        "^test_data has examples of another kind", model, x, augment=lambda x: x.flatten(1) / 1, test_data=flat[:, 1:]
    )


def test_held_out_data_that_fail_later_are_named_and_the_model_is_as_before():
    model = net(nn.Linear(3, 2))
    start = weights(model)
    y = torch.zeros(N).long()
    with pytest.raises(ValueError, match=r"^loss\(model, x, y\) on test_data failed .*Target 5 is out of bounds"):
        fit(model, (data(), y), to_class, epochs=2, test_data=(data(), y + 5))
    assert torch.equal(weights(model), start)


@pytest.mark.parametrize(
    ("augment", "words"),
    [
        (lambda x: None, "a NoneType"),
        (lambda x: x.numpy(), "a ndarray"),
        (lambda x: (x, x), "a tuple"),
        (lambda x: list(x), "a list"),
        (lambda x: x[:-1], r"the shape \(3, 3\) for 4 examples"),
        (lambda x: torch.cat([x, x]), r"the shape \(8, 3\) for 4 examples"),
        (lambda x: x.mean(), r"the shape \(\) for 4 examples"),
        (lambda x: x.double(), "float64 for float32"),
        (lambda x: x.long(), "int64 for float32"),
        (lambda x: x > 0, "bool for float32"),
        (lambda x: x.to("meta"), "a tensor on meta for one on cpu"),
        (lambda x: x * math.nan, "values that are infinite or not a number"),
        (lambda x: x / 0, "values that are infinite or not a number"),
    ],
    ids=range(13),
)
def test_augmentation_that_returns_something_else_is_named(augment, words):
    refused(f"^augment returned {words}", linear(), data(), augment=augment)


@pytest.mark.parametrize("augment", ["shift", 3, lambda: 1, lambda x, y: x], ids=range(4))
def test_augmentation_that_cannot_be_called_is_named(augment):
    refused(r"^augment (is|takes) .*augment\(x\)", linear(), data(), augment=augment)


def test_augmentation_that_fails_is_named_and_its_own_error_stays():
    refused(r"^augment\(x\) failed on a batch of \(4, 3\)", linear(), data(), augment=lambda x: x @ x)
    with pytest.raises(KeyError, match="mine"):
        small_fit(linear(), mse, augment=lambda x: {}["mine"])


def test_augmentation_that_reshapes_or_works_in_place_is_taken():
    x = images()
    before = x.clone()
    for augment in (lambda x: x.flatten(1), lambda x: x.mul_(2).flatten(1), nn.Flatten()):
        assert len(fit(net(nn.Linear(36, 36)), x, mse, epochs=1, augment=augment).train) == 1
    assert torch.equal(x, before)


SETTINGS = [("epochs", torch.zeros(30, 30)), ("batch_size", np.arange(500)), ("learning_rate", 10**400),
            ("learning_rate", torch.tensor(0.1)), ("epochs", torch.tensor(3)), ("epochs", np.array(3)),
            ("epochs", np.float64(2)), ("batch_size", np.int64(0)), ("weight_decay", np.float32(-1)),
            ("seed", 2**64), ("seed", -(2**63) - 1), ("seed", True), ("seed", torch.tensor(3)),
            ("seed", np.float64(1)), ("learning_rate", np.float32("nan")), ("schedule", ["constant"]),
            ("schedule", np.array(["one-cycle", "constant"]))]  # fmt: skip


@pytest.mark.parametrize(("name", "value"), SETTINGS, ids=range(len(SETTINGS)))
def test_setting_that_is_no_such_number_is_named_in_one_line(name, value):
    refused(f"^{name} is .*; it must be (a (whole )?number|'one-cycle')", linear(), data(), **{name: value})
