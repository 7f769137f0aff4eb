import json

with open("settings/thresholds.json") as file:
    print(json.load(file)["score"])
