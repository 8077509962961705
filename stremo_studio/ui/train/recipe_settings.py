"""The settings behind `Advanced`: those of `RunConfig` that a person may want to change.

The rest can be written into `config.json`: see `trainer/contract/finetune.py`.
"""

from stremo_studio.ui.train.setting_row import Setting
from trainer.contract.config import FinetuneConfig, RunConfig, SplitConfig

_SPLIT, _FINE = SplitConfig(), FinetuneConfig()
SETTINGS = (
    Setting(("seed",), "Seed", RunConfig().seed, 0, 999_999, why="Same seed, same split"),
    Setting(("split", "test_fraction"), "Test share", _SPLIT.test_fraction, 0.05, 0.5, 0.05, 2,
            why="Of the speakers or videos of a first run; later runs keep its test set"),
    Setting(("split", "dev_fraction"), "Dev share", _SPLIT.dev_fraction, 0.05, 0.5, 0.05, 2,
            why="Of what is not test; chooses the best epoch"),
)  # fmt: skip
FINETUNE_SETTINGS = (
    Setting(("finetune", "epochs"), "Epochs at most", _FINE.epochs, 1, 200),
    Setting(("finetune", "patience"), "Patience", _FINE.patience, 1, 50, suffix=" epochs",
            why="Epochs without a better dev macro F1 before it stops by itself"),
    Setting(("finetune", "learning_rate"), "Learning rate", _FINE.learning_rate, 0, 0.1, 1e-5, 6,
            automatic="automatic", why="Automatic: 1e-5 for a pre-trained model, more for tiny"),
    Setting(("finetune", "batch_seconds"), "Batch", _FINE.batch_seconds, 4, 600, 4, 1, " s",
            why="Seconds of audio in one batch, padding counted"),
    Setting(("finetune", "weight_decay"), "Weight decay", _FINE.weight_decay, 0, 1, 0.01, 3),
    Setting(("finetune", "max_seconds"), "Longest clip", _FINE.max_seconds, 1, 60, 1, 1, " s",
            why="Longer clips are cut to this in training"),
    Setting(("finetune", "class_weights"), "Class weights", _FINE.class_weights,
            why="The rarer a class, the more its clips weigh"),
    Setting(("finetune", "label_smoothing"), "Label smoothing", _FINE.label_smoothing, 0, 0.5,
            0.05, 2, automatic="off", why="Part of each label that all classes share"),
    Setting(("finetune", "layers"), "Layers", _FINE.layers,
            choices=(("last", "the last"), ("weighted", "a mix of all")),
            why="What is pooled: the last layer, or a learnt mixture of all"),
    Setting(("finetune", "pooling"), "Pooling", _FINE.pooling,
            choices=(("mean", "mean"), ("attentive", "attentive")),
            why="How the moments of a clip become one answer: all alike, or by learnt weights"),
    Setting(("finetune", "lora_rank"), "LoRA rank", _FINE.lora_rank, 0, 256, automatic="off",
            why="Learn small adapters instead of the whole model: far less memory. 8 is usual"),
    Setting(("finetune", "augment", "speed"), "Vary speed", _FINE.augment.speed, 0, 0.3, 0.05, 2,
            automatic="off", why="Each clip faster or slower by up to this part, anew each epoch"),
    Setting(("finetune", "augment", "noise"), "Add noise", _FINE.augment.noise, 0, 40, 5, 1, " dB",
            automatic="off", why="At this signal-to-noise ratio and up to 20 dB fainter"),
)  # fmt: skip
