"""From scores to trees and spans."""

import numpy as np


def _cycle(heads):
    """Words on a cycle of `heads` (root excluded), or none."""
    state = [0] * len(heads)
    state[0] = 2
    for start in range(1, len(heads)):
        at, path = start, []
        while state[at] == 0:
            state[at] = 1
            path.append(at)
            at = heads[at]
        if state[at] == 1:
            return path[path.index(at) :]
        for node in path:
            state[node] = 2
    return []


def _arborescence(scores):
    """Maximum spanning arborescence from 0 (Chu and Liu 1965, Edmonds 1967). `scores[d, h]`; row 0 is unused."""
    n = len(scores)
    scores = scores.copy()
    np.fill_diagonal(scores, -np.inf)
    heads = scores.argmax(1)
    heads[0] = 0
    cycle = _cycle(heads)
    if not cycle:
        return heads
    inside = np.zeros(n, bool)
    inside[cycle] = True
    rest = np.flatnonzero(~inside)
    k = len(rest)
    small = np.full((k + 1, k + 1), -np.inf)
    small[:k, :k] = scores[np.ix_(rest, rest)]
    ring = np.array(cycle)
    # Into the cycle: what breaking it at each word costs. Out of it: its best word.
    gain = scores[np.ix_(ring, rest)] - scores[ring, heads[ring]][:, None]
    small[k, :k] = gain.max(0)
    enter = ring[gain.argmax(0)]
    out = scores[np.ix_(rest, ring)]
    small[:k, k] = out.max(1)
    leave = ring[out.argmax(1)]
    solved = _arborescence(small)
    result = heads.copy()
    for i in range(1, k):
        result[rest[i]] = leave[i] if solved[i] == k else rest[solved[i]]
    result[enter[solved[k]]] = rest[solved[k]]
    return result


def tree(arc):
    """Heads (0 = root) of the best tree with a single root. `arc`: [N, N+1] scores."""
    n = arc.shape[0]
    scores = np.vstack([np.full((1, n + 1), -np.inf), arc]).astype(np.float64)
    # Every arc from the root costs more than all others can bring: one is taken.
    scores[1:] -= scores[1:].max()
    scores[1:, 0] -= (np.abs(scores[1:]).max() + 1) * (n + 1)
    return _arborescence(scores)[1:].tolist()


def viterbi(scores, classes, bias=0.0):
    """The best BIO sequence of log-probabilities [N, C] in which no I follows another kind; `bias` is added to what is not O."""
    scores = scores.astype(np.float64).copy()
    scores[:, 1:] += bias
    c = len(classes)
    allowed = np.zeros((c, c))
    for b, name in enumerate(classes):
        if name.startswith("I-"):
            for a, before in enumerate(classes):
                if before[2:] != name[2:] or before == "O":
                    allowed[a, b] = -1e9
    best = scores[0] + np.array([-1e9 if name.startswith("I-") else 0.0 for name in classes])
    back = []
    for row in scores[1:]:
        through = best[:, None] + allowed
        back.append(through.argmax(0))
        best = through.max(0) + row
    at = int(best.argmax())
    path = [at]
    for pointers in reversed(back):
        at = int(pointers[at])
        path.append(at)
    return [classes[i] for i in reversed(path)]
