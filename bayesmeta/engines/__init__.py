"""From parts to a posterior: by integration, or by sampling.

``ENGINES`` in ``engines.fitting`` is the register.
"""
