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
    "instagram_business_account": lambda page, view: view.world.objects.get(page.account.instagram_user_id),
    "is_published": lambda page, view: True,
    "link": lambda page, view: f"https://www.facebook.com/{page.id}",
    "name": lambda page, view: f"Page {page.account.index + 1}",
    "tasks": lambda page, view: ["ADVERTISE", "ANALYZE", "CREATE_CONTENT", "MESSAGING", "MODERATE", "MANAGE"],
}
_INSTAGRAM_USER: Fields = {
    "id": lambda user, view: user.id,
    "username": lambda user, view: f"artist_{user.account.index + 1}",
}
_LEAD_FORM: Fields = {
    "id": lambda form, view: form.id,
    "created_time": lambda form, view: written(form.created, "UTC"),
    "locale": lambda form, view: "en_US",
    "name": lambda form, view: form.name,
    "page": lambda form, view: view.world.objects.get(form.account.page_id),
    "page_id": lambda form, view: form.account.page_id,
    "status": lambda form, view: form.status,
}
_AUDIENCE: Fields = {
    "id": lambda audience, view: audience.id,
    "account_id": lambda audience, view: audience.account.number,
    "delivery_status": lambda audience, view: {"code": 200, "description": "This audience is ready for use."},
    "name": lambda audience, view: audience.name,
    "operation_status": lambda audience, view: {"code": 200, "description": "Normal"},
    "subtype": lambda audience, view: "CUSTOM",
    "time_created": lambda audience, view: audience.created,
}
_VIDEO: Fields = {
    "id": lambda video, view: video.id,
    "created_time": lambda video, view: written(video.created, "UTC"),
    "length": lambda video, view: 30.0,
    "picture": lambda video, view: f"{view.base}/{video.id}/picture.jpg",
    "status": lambda video, view: {"video_status": "ready"},
    "title": lambda video, view: video.title,
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
    "LeadgenForm": _LEAD_FORM,
    "CustomAudience": _AUDIENCE,
    "AdVideo": _VIDEO,
}
