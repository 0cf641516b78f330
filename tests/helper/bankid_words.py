# SPDX-License-Identifier: LGPL-2.1-or-later
"""bankid_words.py - the texts that people have to see, in each language"""

# BankID's recommended texts word by word (the edition of developers.bankid.com), and ours in Danish.
RFA = {
    1: ("Starta BankID-appen.", "Start your BankID app.", "Start din BankID-app."),
    3: ("Åtgärden avbröts. Försök igen.", "The action was cancelled. Please try again.", "Handlingen blev afbrudt. Prøv igen."),
    4: ("En identifiering eller underskrift pågår redan för ditt personnummer. Försök igen.",
        "An identification or signature is already in progress for your personal identity number. Please try again.",
        "En identifikation eller underskrift er allerede i gang for dit personnummer. Prøv igen."),
    5: ("Något gick fel. Försök igen.", "Something went wrong. Please try again.", "Noget gik galt. Prøv igen."),
    6: ("Åtgärden avbröts.", "The action was cancelled.", "Handlingen blev afbrudt."),
    8: ("BankID-appen svarar inte. Kontrollera att den är startad och att du har internetanslutning. Försök sedan igen.",
        "The BankID app is not responding. Please check that it's started and that you have internet access. Try again.",
        "BankID-appen svarer ikke. Kontroller, at den er startet, og at du har internetforbindelse. Prøv så igen."),
    9: ("Skriv in din säkerhetskod i BankID-appen och välj Identifiera eller Skriv under.",
        "Enter your security code in the BankID app and select Identify or Sign.",
        "Skriv din sikkerhedskode i BankID-appen, og vælg Identificer eller Skriv under."),
    13: ("Försöker starta BankID-appen.", "Trying to start your BankID app.", "Prøver at starte BankID-appen."),
    15: ("Söker efter BankID. Säkerställ att du har ett giltigt BankID på den här enheten.",
         "Searching for BankID. Make sure you have a valid BankID on this device.",
         "Søger efter BankID. Sørg for, at du har et gyldigt BankID på denne enhed."),
    14: ("Söker efter BankID, det kan ta en liten stund …", "Searching for BankID, it may take a little while …",
         "Søger efter BankID, det kan tage et øjeblik …"),
    16: ("Ditt BankID är för gammalt eller spärrat. Använd ett annat BankID eller skaffa ett nytt hos din bank.",
         "Your BankID is blocked or too old. Please use another BankID or get a new one from your bank.",
         "Dit BankID er for gammelt eller spærret. Brug et andet BankID, eller få et nyt i din bank."),
    '17A': ("Du verkar inte ha BankID-appen/programmet. Installera den och skaffa ett BankID hos din bank.",
            "You don't seem to have the BankID app/program. Please install it and get a BankID from your bank.",
            "Det ser ikke ud til, at du har BankID-appen/programmet. Installer det, og få et BankID i din bank."),
    '17B': ("Misslyckades att läsa av QR-koden. Starta BankID-appen och läs av QR-koden.",
            "Failed to scan the QR code. Start the BankID app and scan the QR code.",
            "QR-koden kunne ikke scannes. Start BankID-appen, og scan QR-koden."),
    21: ("En identifiering eller underskrift pågår.", "An identification or signing is in progress.",
         "En identifikation eller underskrift er i gang."),
    22: ("Något gick fel. Försök igen.", "Something went wrong. Please try again.", "Noget gik galt. Prøv igen."),
    23: ("Fotografera och läs av din ID-handling med BankID-appen.",
         "Take a photo of, and scan, your ID document with the BankID app.", "Fotografer og scan dit id-dokument med BankID-appen."),
    # Not BankID's: something that the administrator has to mend.
    'broken': ("Inloggning med e-legitimation är ur funktion på den här datorn.", "Log-in with e-ID is out of order on this computer.",
               "Login med e-id er ude af drift på denne computer."),
}
LANGUAGES = (('sv',), ('en',), ('da',))
# In place of RFA1 beside a code: what BankID's own demonstration says (bankid-words.c).
SCAN_WORDS = ("Starta BankID-appen och tryck på QR-ikonen. Läs sedan av QR-koden.",
              "Start the BankID app and tap the QR icon. Then scan the QR code.",
              "Start BankID-appen, og tryk på QR-ikonet. Scan derefter QR-koden.")


def said(message, text, language):
    words = RFA[text][('sv', 'en', 'da').index(language)]
    first = message['text'].split('\n')[0]
    assert first == words or (text == 'broken' and first.startswith(words)), (text, language, message['text'])
