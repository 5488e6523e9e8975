"""The headings of Ads Manager's reports, in nine languages, and of the well-known Kaggle file.

A heading is compared without case, accents, punctuation and the currency behind it. Of several
headings for one field the first in the list is taken.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence

CURRENCY = re.compile(r"\(([A-Z]{3})\)\s*$")
"""``Amount spent (USD)``: the currency of a column is in parentheses at its end."""

HEADINGS: Mapping[str, tuple[str, ...]] = {
    "campaign": (
        *("campaign name", "campaign", "Kampagnenname", "Kampagne", "Nom de la campagne", "Campagne"),
        *("Nombre de la campaña", "Campaña", "Nome della campagna", "Campagna", "Nome campagna"),
        *("Nome da campanha", "Campanha", "Campagnenaam", "Naam campagne", "Nazwa kampanii", "Kampania"),
        *("キャンペーン名", "キャンペーン", "xyz_campaign_id"),
    ),
    "campaign_id": (
        *("campaign ID", "Kampagnen-ID", "Identifiant de la campagne", "ID de campagne", "ID de la campagne"),
        *("Identificador de la campaña", "ID de la campaña", "ID campagna", "ID della campagna"),
        *("Identificação da campanha", "ID da campanha", "Campagne-ID", "Identyfikator kampanii"),
        *("ID kampanii", "キャンペーンID", "xyz_campaign_id"),
    ),
    "ad_set": (
        *("ad set name", "ad set", "ad group", "ad group name", "Anzeigengruppenname", "Anzeigengruppe"),
        *("Name der Anzeigengruppe", "Nom de l’ensemble de publicités", "Ensemble de publicités"),
        *("Nombre del conjunto de anuncios", "Conjunto de anuncios", "Nome del gruppo di inserzioni"),
        *("Gruppo di inserzioni", "Nome gruppo di inserzioni", "Nome do conjunto de anúncios"),
        *("Naam advertentieset", "Advertentiesetnaam", "Advertentieset", "Nazwa zestawu reklam"),
        *("Zestaw reklam", "広告セット名", "広告セット", "fb_campaign_id"),
    ),
    "ad_set_id": (
        *("ad set ID", "ad group ID", "Anzeigengruppen-ID", "ID der Anzeigengruppe"),
        *("Identifiant de l’ensemble de publicités", "ID de l’ensemble de publicités"),
        *("Identificador del conjunto de anuncios", "ID del conjunto de anuncios"),
        *("ID gruppo di inserzioni", "ID del gruppo di inserzioni", "ID do conjunto de anúncios"),
        *("Identificação do conjunto de anúncios", "Advertentieset-ID", "Identyfikator zestawu reklam"),
        *("ID zestawu reklam", "広告セットID", "fb_campaign_id"),
    ),
    "ad": (
        *("ad name", "ad", "Anzeigenname", "Anzeige", "Name der Anzeige", "Nom de la publicité", "Publicité"),
        *("Nombre del anuncio", "Anuncio", "Nome dell’inserzione", "Inserzione", "Nome inserzione"),
        *("Nome do anúncio", "Anúncio", "Advertentienaam", "Naam advertentie", "Advertentie"),
        *("Nazwa reklamy", "Reklama", "広告名", "広告の名前", "広告", "ad_id"),
    ),
    "ad_id": (
        *("ad ID", "Anzeigen-ID", "ID der Anzeige", "Identifiant de la publicité", "ID de la publicité"),
        *("Identificador del anuncio", "ID del anuncio", "ID inserzione", "ID dell’inserzione"),
        *("Identificação do anúncio", "ID do anúncio", "Advertentie-ID", "Identyfikator reklamy"),
        *("ID reklamy", "広告ID"),
    ),
    "impressions": (
        *("impressions", "Impressionen", "Impresiones", "Impression", "Impressioni", "Visualizzazioni"),
        *("Impressões", "Weergaven", "Vertoningen", "Impressies", "Wyświetlenia", "インプレッション"),
        "インプレッション数",
    ),
    "clicks": (
        *("link clicks", "clicks (all)", "clicks", "Link-Klicks", "Linkklicks", "Klicks (alle)"),
        *("Clics sur un lien", "Clics sur le lien", "Clics (tous)", "Clics en el enlace", "Clics (todos)"),
        *("Clic sul link", "Clic (tutti)", "Cliques no link", "Cliques (todos)", "Klikken op link"),
        *("Klikken op links", "Linkklikken", "Klikken (alle)", "Kliknięcia linku", "Kliknięcia (wszystkie)"),
        *("リンクのクリック", "リンクのクリック数", "リンククリック", "クリック(すべて)"),
    ),
    "spend": (
        *("amount spent", "spend", "spent", "cost", "Ausgegebener Betrag", "Montant dépensé"),
        *("Importe gastado", "Monto gastado", "Cantidad gastada", "Importo speso", "Valor usado"),
        *("Valor gasto", "Montante gasto", "Besteed bedrag", "Uitgegeven bedrag", "Wydana kwota"),
        *("Wydatki", "消化金額", "費用"),
    ),
    "results": (
        *("results", "result", "Ergebnisse", "Résultats", "Resultados", "Risultati", "Resultaten"),
        *("Wyniki", "結果"),
    ),
    "indicator": (
        *("result indicator", "result type", "results type", "Ergebnisindikator", "Ergebnis-Indikator"),
        *("Ergebnistyp", "Art des Ergebnisses", "Indicateur de résultats", "Indicateur de résultat"),
        *("Type de résultat", "Indicador de resultado", "Indicador de resultados", "Tipo de resultado"),
        *("Indicatore dei risultati", "Indicatore del risultato", "Tipo di risultato"),
        *("Resultaatindicator", "Resultatenindicator", "Resultaattype", "Wskaźnik wyników"),
        *("Wskaźnik wyniku", "Typ wyniku", "結果インジケーター", "結果の指標", "結果のタイプ"),
    ),
    "day": (*("day", "date", "Tag", "Jour", "Día", "Giorno", "Dia", "Dag", "Dzień", "日", "日付", "日別"),),
    "from": (
        *("reporting starts", "reporting start", "Berichtsstart", "Beginn des Berichts", "Berichtsbeginn"),
        *("Début des rapports", "Début du rapport", "Inicio del informe", "Inicio de los informes"),
        *("Inizio dei report", "Inizio report", "Inizio della rendicontazione", "Início dos relatórios"),
        *("Start rapportage", "Begin rapportage", "Rapportage start", "Rozpoczęcie raportowania"),
        *("Początek raportowania", "Początek okresu raportowania", "レポート開始日", "レポートの開始日"),
    ),
    "to": (
        *("reporting ends", "reporting end", "Berichtsende", "Ende des Berichts", "Fin des rapports"),
        *("Fin du rapport", "Fin del informe", "Fin de los informes", "Fine dei report", "Fine report"),
        *("Fine della rendicontazione", "Término dos relatórios", "Encerramento dos relatórios"),
        *("Fim dos relatórios", "Einde rapportage", "Rapportage einde", "Zakończenie raportowania"),
        *("Koniec raportowania", "Koniec okresu raportowania", "レポート終了日", "レポートの終了日"),
    ),
    "currency": ("currency", "Währung", "Devise", "Divisa", "Moneda", "Valuta", "Moeda", "Waluta", "通貨"),
    "ad_delivery": (
        *("ad delivery", "ad status", "Anzeigenauslieferung", "Auslieferung der Anzeige"),
        *("Diffusion de la publicité", "Entrega del anuncio", "Pubblicazione dell’inserzione"),
        *("Veiculação do anúncio", "Weergave van advertentie", "Emisja reklamy", "広告の配信"),
    ),
    "ad_set_delivery": (
        *("ad set delivery", "ad set status", "Auslieferung der Anzeigengruppe"),
        *("Anzeigengruppenauslieferung", "Diffusion de l’ensemble de publicités"),
        *("Entrega del conjunto de anuncios", "Pubblicazione del gruppo di inserzioni"),
        *("Veiculação do conjunto de anúncios", "Weergave van advertentieset"),
        *("Emisja zestawu reklam", "広告セットの配信"),
    ),
    "delivery": (
        *("delivery", "delivery status", "status", "Auslieferung", "Auslieferungsstatus", "Diffusion"),
        *("Entrega", "Pubblicazione", "Veiculação", "Weergave", "Weergavestatus", "Emisja", "配信"),
    ),
}
EVENTS: Mapping[str, tuple[str, ...]] = {
    "conversions": ("conversions", "total_conversion", "approved_conversion"),
    "purchases": (
        *("purchases", "website purchases", "Käufe", "Website-Käufe", "Achats", "Compras"),
        *("Acquisti", "Aankopen", "Zakupy", "購入"),
    ),
    "leads": ("leads", "on-facebook leads", "Prospects", "Clientes potenciales", "Contatti", "リード"),
    "thruplays": ("thruplays", "thruplay"),
    "landing_page_views": ("landing page views", "Landingpage-Aufrufe", "Visualizações da página de destino"),
}
"""Columns that count one event each, for a report without ``results``."""

REQUIRED = ("ad_set", "impressions", "spend")
TOTAL_WORDS = frozenset(
    {
        "total",
        "totals",
        "gesamt",
        "insgesamt",
        "totale",
        "totaal",
        "razem",
        "suma",
        "total geral",
        "合計",
        "summe",
    }
)


def plain(heading: str) -> str:
    """Reduce a heading to what is compared: letters and digits, without case, accents and currency."""
    text = unicodedata.normalize("NFKD", CURRENCY.sub("", heading)).casefold()
    return "".join(c for c in text if c.isalnum())


def locate(header: Sequence[str], known: Mapping[str, Sequence[str]]) -> dict[str, int]:
    """Return the position of the best heading of each field that the header has."""
    positions = {plain(heading): position for position, heading in reversed(list(enumerate(header)))}
    found = {
        field: next((positions[plain(name)] for name in names if plain(name) in positions), None)
        for field, names in known.items()
    }
    return {field: position for field, position in found.items() if position is not None}
