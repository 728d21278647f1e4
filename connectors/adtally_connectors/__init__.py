"""The bundled connectors, one folder each; they come in through the same door as anyone's."""
