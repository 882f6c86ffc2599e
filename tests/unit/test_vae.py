"""The VAE against torch.distributions, and its bound against a model whose likelihood is known exactly."""

import pytest
import torch
from torch import nn
from torch.distributions import Bernoulli, Normal, kl_divergence

from lessons_lib.models import VAE, layers, vae_loss
from lessons_lib.probability import gaussian_kl


@pytest.fixture
def vae():
    torch.manual_seed(0)
    return VAE(layers(9, 8, 6), layers(3, 8, 9)).double()


@pytest.fixture
def x():
    return torch.rand(5, 9, generator=torch.Generator().manual_seed(1)).double()


def test_posterior_splits_what_the_encoder_returns(vae, x):
    mean, log_var = vae.posterior(x)
    assert torch.equal(torch.cat([mean, log_var], 1), vae.encoder(x)) and mean.shape == (5, 3)


def test_code_has_the_posteriors_mean_and_variance(vae, x):
    seen = []
    vae.decoder.register_forward_pre_hook(lambda _, inputs: seen.append(inputs[0].detach()))
    _, mean, log_var = vae(x[:1].expand(40_000, -1))
    z = seen[0]
    standardised = (z - mean) / (0.5 * log_var).exp()
    assert standardised.mean(0).abs().max() < 0.03 and (standardised.var(0) - 1).abs().max() < 0.05


@pytest.mark.parametrize("kl_weight", [0.0, 1.0, 2.5])
def test_loss_is_that_of_torch_distributions(vae, x, kl_weight):
    torch.manual_seed(3)
    loss, parts = vae_loss(vae, x, kl_weight)
    torch.manual_seed(3)
    logits, mean, log_var = vae(x)
    q = Normal(mean, (0.5 * log_var).exp())
    kl = kl_divergence(q, Normal(0, 1)).sum(1).mean()
    log_p = Bernoulli(logits=logits, validate_args=False).log_prob(x).sum(1).mean()
    torch.testing.assert_close(loss, kl_weight * kl - log_p)
    torch.testing.assert_close(parts["KL"], gaussian_kl(mean, log_var).mean())
    torch.testing.assert_close(parts["reconstruction"], -log_p)


def test_gradient_passes_through_the_draw_to_both_outputs_of_the_encoder(vae, x):
    vae_loss(vae, x, kl_weight=0.0)[0].backward()
    *_, last_bias = vae.encoder.parameters()
    assert (last_bias.grad != 0).all()


def test_bound_stays_below_the_likelihood_and_meets_it_where_the_code_says_nothing():
    # A decoder that ignores z: log P(x) is a sum over pixels, and the prior itself is the posterior.
    vae = VAE(nn.Linear(4, 4), nn.Linear(2, 4)).double()
    x = torch.tensor([[0.0, 1.0, 1.0, 0.0], [1.0, 1.0, 0.0, 0.0]]).double()
    for part in vae.parameters():
        nn.init.zeros_(part)
    vae.decoder.bias.data = torch.tensor([0.3, -1.0, 2.0, 0.0]).double()
    log_p = Bernoulli(logits=vae.decoder.bias).log_prob(x).sum(1).mean()
    with torch.no_grad():
        assert -vae_loss(vae, x)[0].item() == pytest.approx(log_p.item(), abs=1e-12)
        vae.encoder.bias += 0.5
        assert -vae_loss(vae, x)[0] < log_p - 0.1
