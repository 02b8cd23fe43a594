"""Child process of the bench: trains one model for some epochs in PyTorch and prints {"epochMs": [...]}.

    python3 pytorch_epochs.py MODEL EPOCHS BATCH THREADS DATA_FOLDER

The same architectures, batches and optimizer as ours. The data is one float tensor in memory and batches are gathered by
index, which is PyTorch's fastest plain loop (its DataLoader is slower), and Adam is torch.optim's default.
"""

import json
import sys
import time

import torch
from torch import nn

model_id, epochs, batch, threads, folder = sys.argv[1:6]
epochs, batch = int(epochs), int(batch)
torch.set_num_threads(int(threads))
torch.manual_seed(1)


def read(name, header):
    with open(f"{folder}/{name}", "rb") as file:
        return torch.frombuffer(bytearray(file.read()[header:]), dtype=torch.uint8)


images = read("train-images-idx3-ubyte", 16).reshape(-1, 1, 28, 28).float() / 255
labels = read("train-labels-idx1-ubyte", 8).long()


def autoencoder(sizes):
    layers = [nn.Flatten()]
    for a, b in zip(sizes, sizes[1:]):
        layers += [nn.Linear(a, b), nn.ReLU()]
    for a, b in zip(sizes[::-1], sizes[-2::-1]):
        layers += [nn.Linear(a, b), nn.ReLU()]
    layers[-1] = nn.Sigmoid()
    return nn.Sequential(*layers)


if model_id == "cnn":
    model = nn.Sequential(
        nn.Conv2d(1, 32, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(32, 64, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
        nn.Flatten(), nn.Linear(3136, 128), nn.ReLU(), nn.Linear(128, 10),
    )
    criterion = nn.CrossEntropyLoss()
else:
    family, latent = model_id.split("-")
    hidden = {"basic": [128], "deeper": [512, 256]}[family]
    model = autoencoder([784, *hidden, int(latent)])
    criterion = nn.MSELoss()
optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)

epoch_ms, losses = [], []
for _ in range(epochs):
    start = time.perf_counter()
    order = torch.randperm(len(images))
    total = 0.0
    for chosen in order.split(batch):
        x = images[chosen]
        target = labels[chosen] if model_id == "cnn" else x.flatten(1)
        optimizer.zero_grad()
        loss = criterion(model(x), target)
        loss.backward()
        optimizer.step()
        total += loss.item() * len(chosen)
    epoch_ms.append(1000 * (time.perf_counter() - start))
    losses.append(total / len(images))
print(json.dumps({"epochMs": epoch_ms, "losses": losses, "version": torch.__version__}))
