"""The variational autoencoder of lesson 07a."""

import torch
from torch import nn
from torch.nn import functional


class VAE(nn.Module):
    """An encoder that says where the code of x may lie, and a decoder that says how likely each pixel is ink.

    Kingma and Welling (2014), Auto-Encoding Variational Bayes, arXiv:1312.6114.

    Parameters
    ----------
    encoder : nn.Module
        Maps (n, d) to (n, 2k): mean and log-variance of q(z|x), side by side.
    decoder : nn.Module
        Maps (n, k) to (n, d): logits of the pixels.
    """

    def __init__(self, encoder: nn.Module, decoder: nn.Module) -> None:
        super().__init__()
        self.encoder = encoder
        self.decoder = decoder

    def posterior(self, x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Return mean and log-variance of q(z|x), each of shape (n, k)."""
        mean, log_var = self.encoder(x).chunk(2, dim=-1)
        return mean, log_var

    def forward(self, x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """Return logits (n, d) for one draw of z, and the mean and log-variance that it was drawn with."""
        mean, log_var = self.posterior(x)
        noise = torch.randn_like(mean)
        z = mean + (0.5 * log_var).exp() * noise
        return self.decoder(z), mean, log_var


def vae_loss(vae: VAE, x: torch.Tensor, kl_weight: float = 1.0) -> tuple[torch.Tensor, dict[str, torch.Tensor]]:
    """Return the negative bound in nats, mean over images, by one draw for each, and its two parts.

    Parameters
    ----------
    vae : VAE
    x : torch.Tensor
        Shape (n, d), from 0 to 1. Only with values 0 and 1 is the reconstruction a likelihood.
    kl_weight : float
        β: 1 for the bound (Higgins et al. 2017, beta-VAE).

    Returns
    -------
    tuple of torch.Tensor and dict
        The loss, and ``{"reconstruction": ..., "KL": ...}``, all in nats.
    """
    logits, mean, log_var = vae(x)
    errors = functional.binary_cross_entropy_with_logits(logits, x, reduction="none")
    reconstruction = errors.sum(dim=-1).mean()  # sum over pixels, mean over images
    kl = 0.5 * (log_var.exp() + mean**2 - 1 - log_var).sum(dim=-1).mean()
    return reconstruction + kl_weight * kl, {"reconstruction": reconstruction, "KL": kl}
