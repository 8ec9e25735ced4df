import tensorflow.compat.v1 as tf
from tensorflow import keras


class KerasHeadModel(keras.Model):
    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.dense = keras.layers.Dense(units=1)
        self.average_loss = keras.metrics.Mean()
        self.head_accuracy = keras.metrics.Accuracy()
        self.head_precision = keras.metrics.Precision()
        self.head_recall = keras.metrics.Recall()
        self.prediction_mean = keras.metrics.Mean()
        self.label_mean = keras.metrics.Mean()
        self.head_auc = keras.metrics.AUC()
        self.head_auc_precision_recall = keras.metrics.AUC(curve="PR")
        self.mean_loss = keras.metrics.Mean()
        self.compile(
            optimizer=keras.optimizers.SGD(learning_rate=0.1), jit_compile=False
        )

    def _train_op(self, tape, loss):
        gradients = tape.gradient(loss, self.trainable_variables)
        return self.optimizer.apply_gradients(zip(gradients, self.trainable_variables))

    def head_losses(self, labels, logits):
        labels = tf.cast(tf.reshape(labels, tf.shape(logits)), tf.float32)
        return tf.nn.sigmoid_cross_entropy_with_logits(labels=labels, logits=logits)

    def head_predictions(self, logits):
        two_classes = tf.concat([tf.zeros_like(logits), logits], axis=-1)
        class_ids = tf.expand_dims(tf.argmax(two_classes, axis=-1), axis=-1)
        every_class = tf.tile([[0, 1]], [tf.shape(logits)[0], 1])
        return {
            "logits": logits,
            "logistic": tf.sigmoid(logits),
            "probabilities": tf.nn.softmax(two_classes),
            "class_ids": class_ids,
            "classes": tf.strings.as_string(class_ids),
            "all_class_ids": every_class,
            "all_classes": tf.strings.as_string(every_class),
        }

    def head_metrics(self, labels, logits):
        losses = self.head_losses(labels, logits)
        labels = tf.cast(tf.reshape(labels, tf.shape(logits)), tf.float32)
        predictions = self.head_predictions(logits)
        logistic, class_ids = predictions["logistic"], predictions["class_ids"]
        label_mean = self.label_mean(labels)
        return {
            "average_loss": self.average_loss(losses),
            "accuracy": self.head_accuracy(labels, class_ids),
            "precision": self.head_precision(labels, class_ids),
            "recall": self.head_recall(labels, class_ids),
            "prediction/mean": self.prediction_mean(logistic),
            "label/mean": label_mean,
            "accuracy_baseline": tf.maximum(label_mean, 1.0 - label_mean),
            "auc": self.head_auc(labels, logistic),
            "auc_precision_recall": self.head_auc_precision_recall(labels, logistic),
        }

    def call(self, inputs, training=False):
        return self.predict_step(inputs)

    def train_step(self, data):
        features, labels, _ = keras.utils.unpack_x_y_sample_weight(data)
        with tf.GradientTape() as tape:
            # head_losses, head_predictions and head_metrics do what this head did:
            #   head = tf.estimator.BinaryClassHead()
            logits = self.dense(features["x"])
            loss = tf.reduce_mean(self.head_losses(labels, logits))
            self._train_op(tape, loss)
        return {"loss": loss}

    def test_step(self, data):
        features, labels, _ = keras.utils.unpack_x_y_sample_weight(data)
        # head_losses, head_predictions and head_metrics do what this head did:
        #   head = tf.estimator.BinaryClassHead()
        logits = self.dense(features["x"])
        loss = tf.reduce_mean(self.head_losses(labels, logits))
        return {"loss": self.mean_loss(loss), **self.head_metrics(labels, logits)}

    def predict_step(self, data):
        features, _, _ = keras.utils.unpack_x_y_sample_weight(data)
        # head_losses, head_predictions and head_metrics do what this head did:
        #   head = tf.estimator.BinaryClassHead()
        logits = self.dense(features["x"])
        return self.head_predictions(logits)
