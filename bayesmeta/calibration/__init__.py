"""What intervals are worth on the user's own design: simulated meta-analyses, analysed."""

from bayesmeta.calibration.calibrate import calibrate
from bayesmeta.calibration.contract import contract
from bayesmeta.calibration.text import calibration_text

__all__ = ["calibrate", "calibration_text", "contract"]
