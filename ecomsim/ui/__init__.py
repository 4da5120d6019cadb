"""The workbench in the browser and in notebooks: pure models, views of widgets, controllers between them."""
