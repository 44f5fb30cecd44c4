"""Members with t effects: what trials and cohorts say of an effect, tabulated once for all.

Given their scales and the slopes b, trials say f(m, b) of the effect m in trials, and cohorts
g(c, b) of that in cohorts. Every member is an integral of both, as is every point of a dial::

    pooled        f(m, b) * g(m, b)**power * p(m) * p(b)
    a bias        f(m, b) * integral of g(c, b) Normal(c; m + mean, u**2) dc * p(m) * p(b)

so that f and g are summed over rows once, at nodes of m, c and b that serve all of them, and at
nodes of tau, where cohorts spread as trials do; of tau and a second one, where they do not.
"""
