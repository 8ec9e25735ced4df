import tensorflow as tf
from tensorflow import keras

flags = tf.compat.v1.flags
flags.DEFINE_float("clip", 1.0, "The norm that gradients are clipped to.")
FLAGS = flags.FLAGS


def activation_of(params):
    return tf.nn.tanh if params["smooth"] else tf.nn.relu


class ChurnModel(keras.Model):
    """A model of customers who leave."""

    def __init__(self, params, **kwargs):
        super().__init__(**kwargs)
        self.params = params
        self.dense_layers = [
            keras.layers.Dense(
                units=units, activation=activation_of(params), name="hidden_%d" % index
            )
            for index, units in enumerate(params["hidden_units"])
        ]
        if params["normalize"]:
            self.batch_normalization = keras.layers.BatchNormalization(momentum=0.9)
        self.logits = keras.layers.Dense(units=1, name="logits")
        self.accuracy = keras.metrics.Accuracy()
        self.auc = keras.metrics.AUC()
        self.mean_squared_error = keras.metrics.MeanSquaredError()
        self.precision = keras.metrics.Precision(thresholds=0.0)
        self.mean = keras.metrics.Mean()
        self.mean_loss = keras.metrics.Mean()
        self.compile(
            optimizer=keras.optimizers.Adam(
                learning_rate=keras.optimizers.schedules.ExponentialDecay(
                    initial_learning_rate=params["rate"],
                    decay_steps=5,
                    decay_rate=0.9,
                    staircase=True,
                ),
                epsilon=1e-8,
            ),
            jit_compile=False,
        )

    def network(self, features, params, training):
        """The logit of leaving."""
        net = tf.concat([features["x"], features["x"] ** 2], axis=-1)
        for (index, units), dense_layer in zip(
            enumerate(params["hidden_units"]), self.dense_layers
        ):
            net = dense_layer(net)
        if params["normalize"]:
            net = self.batch_normalization(net, training=training)
        return self.logits(net)

    def call(self, inputs, training=False):
        return self.predict_step(inputs)

    def train_step(self, data):
        features, labels, _ = keras.utils.unpack_x_y_sample_weight(data)
        params = self.params
        with tf.GradientTape() as tape:
            training = True
            # Everything below is about one logit for each customer.
            logits = self.network(features, params, training)
            probabilities = tf.nn.sigmoid(logits)
            predictions = {"probability": probabilities, "leaves": probabilities > 0.5}

            labels = tf.expand_dims(tf.cast(labels, tf.float32), -1)
            loss = tf.compat.v1.losses.sigmoid_cross_entropy(labels, logits)

            step = self.optimizer.iterations
            rate = tf.compat.v1.train.exponential_decay(
                params["rate"], step, decay_steps=5, decay_rate=0.9, staircase=True
            )
            optimizer = self.optimizer
            # Layers of Keras run their updates themselves.
            update_ops = []
        with tf.control_dependencies(update_ops):
            gradients, variables = zip(
                *list(
                    zip(
                        tape.gradient(loss, self.trainable_variables),
                        self.trainable_variables,
                    )
                )
            )
            gradients, _ = tf.clip_by_global_norm(gradients, FLAGS.clip)
            train_op = optimizer.apply_gradients(zip(gradients, variables))
        # fit() shows the loss: no hook is needed.
        return {"loss": loss}

    def test_step(self, data):
        features, labels, _ = keras.utils.unpack_x_y_sample_weight(data)
        params = self.params
        training = False
        # Everything below is about one logit for each customer.
        logits = self.network(features, params, training)
        probabilities = tf.nn.sigmoid(logits)
        predictions = {"probability": probabilities, "leaves": probabilities > 0.5}

        labels = tf.expand_dims(tf.cast(labels, tf.float32), -1)
        loss = tf.compat.v1.losses.sigmoid_cross_entropy(labels, logits)
        metrics = {
            "accuracy": self.accuracy(labels, predictions["leaves"]),
            "auc": self.auc(labels, probabilities),
            "error": self.mean_squared_error(
                tf.expand_dims(labels, -1), tf.expand_dims(probabilities, -1)
            ),
            "precision": self.precision(labels, predictions["leaves"]),
            "mean_probability": self.mean(probabilities),
        }
        return {"loss": self.mean_loss(loss), **metrics}

    def predict_step(self, data):
        features, _, _ = keras.utils.unpack_x_y_sample_weight(data)
        params = self.params
        training = False
        # Everything below is about one logit for each customer.
        logits = self.network(features, params, training)
        probabilities = tf.nn.sigmoid(logits)
        predictions = {"probability": probabilities, "leaves": probabilities > 0.5}
        # model.export() serves what call() returns.
        return predictions
