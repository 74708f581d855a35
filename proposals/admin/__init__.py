"""The admin of the secretariat: ModelAdmins and additional views.

AppConfig.ready() imports `registration`, which registers the models.
"""
