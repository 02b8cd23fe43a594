"""Child process of the bench: maps points by scikit-learn's t-SNE and judges our map and its own, prints JSON.

    python3 latent_maps_sklearn.py FOLDER COUNT PERPLEXITY ITERATIONS SEED THREADS

FOLDER holds points.f32 [COUNT, d], labels.u8 [COUNT] and ours.f32 [COUNT, 2], in row-major order.
"""

import inspect
import json
import sys
import time

import numpy as np
import sklearn
from sklearn.manifold import TSNE, trustworthiness
from sklearn.manifold._t_sne import _joint_probabilities_nn
from sklearn.neighbors import NearestNeighbors
from threadpoolctl import threadpool_limits

folder, *numbers = sys.argv[1:]
count, perplexity, iterations, seed, threads = (float(number) for number in numbers)
count, iterations, seed, threads = int(count), int(iterations), int(seed), int(threads)
neighbours = 10

points = np.fromfile(f"{folder}/points.f32", np.float32).reshape(count, -1)
labels = np.fromfile(f"{folder}/labels.u8", np.uint8)
ours = np.fromfile(f"{folder}/ours.f32", np.float32).reshape(count, 2)


def accuracy(space):
    """Leave-one-out accuracy of 10 nearest neighbours; of labels that equally many have, the nearest one's."""
    nearest = NearestNeighbors(n_neighbors=neighbours).fit(space).kneighbors(return_distance=False)
    right = 0
    for row, label in zip(labels[nearest], labels):
        votes = np.bincount(row)
        right += next(candidate for candidate in row if votes[candidate] == votes.max()) == label
    return right / count


def affinities():
    """The joint probabilities that TSNE computes and keeps to itself."""
    search = NearestNeighbors(n_neighbors=min(count - 1, int(3 * perplexity + 1))).fit(points)
    graph = search.kneighbors_graph(mode="distance")
    graph.data **= 2
    return _joint_probabilities_nn(graph, perplexity, 0).tocoo()


def divergence(embedding, p):
    """KL divergence with all pairs in the normalising sum, which TSNE's own figure only estimates."""
    embedding = embedding.astype(np.float64)
    squared = np.zeros((count, count))
    for axis in embedding.T:
        squared += (axis[:, None] - axis[None, :]) ** 2
    normaliser = np.sum(1 / (1 + squared)) - count
    weights = p.data.astype(np.float64)
    return float(np.sum(weights * (np.log(weights) + np.log1p(squared[p.row, p.col]) + np.log(normaliser))))


def judge(embedding, p):
    return {
        "klDivergence": divergence(embedding, p),
        "trustworthiness": trustworthiness(points, embedding, n_neighbors=neighbours),
        "neighbourAccuracy": accuracy(embedding),
    }


with threadpool_limits(threads):
    start = time.perf_counter()
    # Called n_iter before scikit-learn 1.5, and max_iter alone from 1.7 on.
    limit = "max_iter" if "max_iter" in inspect.signature(TSNE).parameters else "n_iter"
    tsne = TSNE(
        init="pca",
        learning_rate="auto",
        perplexity=perplexity,
        random_state=seed,
        n_jobs=threads,
        **{limit: iterations},
    )
    theirs = tsne.fit_transform(points)
    seconds = time.perf_counter() - start
    p = affinities()
    print(
        json.dumps(
            {
                "seconds": seconds,
                "estimatedDivergence": float(tsne.kl_divergence_),
                "theirs": judge(theirs, p),
                "ours": judge(ours, p),
                "space": {"neighbourAccuracy": accuracy(points)},
                "version": f"scikit-learn {sklearn.__version__}",
            }
        )
    )
