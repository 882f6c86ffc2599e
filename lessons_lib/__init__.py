"""Helper library of Latent Lessons: data, training, plots, widgets and measured claims.

The idea of a lesson stands in its cells; what every lesson needs besides stands here.
"""

from lessons_lib.cores import wait_patiently

wait_patiently()  # OpenMP reads it when PyTorch is imported

from lessons_lib.claims import claim  # noqa: E402
from lessons_lib.session import start  # noqa: E402

__all__ = ["claim", "start"]
__version__ = "0.1.0"
