"""How the fields of labels, images, pixels, custom conversions, pages and Instagram users are written."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from graph_simulator.answers.view import View
from graph_simulator.state.clock import written

Fields = dict[str, Callable[[Any, View], Any]]

_LABEL: Fields = {
    "id": lambda label, view: label.id,
    "account": lambda label, view: label.account,
    "created_time": lambda label, view: view.at(label.created, label.account),
    "name": lambda label, view: label.name,
    "updated_time": lambda label, view: view.at(label.updated, label.account),
}
_IMAGE: Fields = {
    "id": lambda image, view: image.id,
    "account_id": lambda image, view: image.account.number,
    "created_time": lambda image, view: view.at(image.created, image.account),
    "hash": lambda image, view: image.hash,
    "height": lambda image, view: image.height,
    "name": lambda image, view: image.name,
    "status": lambda image, view: image.status,
    "updated_time": lambda image, view: view.at(image.created, image.account),
    "url": lambda image, view: f"{view.base}/images/{image.hash}.png",
    "width": lambda image, view: image.width,
}
_PIXEL: Fields = {
    "id": lambda pixel, view: pixel.id,
    "creation_time": lambda pixel, view: written(pixel.created, "UTC"),
    "is_unavailable": lambda pixel, view: False,
    "name": lambda pixel, view: pixel.name,
    "owner_ad_account": lambda pixel, view: pixel.account,
}
_CONVERSION: Fields = {
    "id": lambda conversion, view: conversion.id,
    "account_id": lambda conversion, view: conversion.account.number,
    "creation_time": lambda conversion, view: written(conversion.created, "UTC"),
    "custom_event_type": lambda conversion, view: conversion.event_type,
    "is_archived": lambda conversion, view: conversion.archived,
    "name": lambda conversion, view: conversion.name,
    "pixel": lambda conversion, view: view.world.objects.get(conversion.pixel_id),
    "rule": lambda conversion, view: conversion.rule,
}
_PAGE: Fields = {
    "id": lambda page, view: page.id,
    "access_token": lambda page, view: view.token,
    "category": lambda page, view: "Musician/band",
    "name": lambda page, view: f"Page {page.account.index + 1}",
}
_INSTAGRAM_USER: Fields = {
    "id": lambda user, view: user.id,
    "username": lambda user, view: f"artist_{user.account.index + 1}",
}
_USER: Fields = {
    "id": lambda user, view: user.id,
    "name": lambda user, view: f"User {user.account.index + 1}",
}

ASSETS: dict[str, Fields] = {
    "AdLabel": _LABEL,
    "AdImage": _IMAGE,
    "AdsPixel": _PIXEL,
    "CustomConversion": _CONVERSION,
    "Page": _PAGE,
    "IGUser": _INSTAGRAM_USER,
    "User": _USER,
}
