"""The pages, each with PATH, TITLE, ``layout(view)`` and ``register(app)``; `page_list` lists them."""
