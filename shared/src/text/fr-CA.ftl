# Français (Canada) : seulement ce qui diffère de la France.
task-stand-down = Finalement, non
suggest-practical = Faire l'épicerie
