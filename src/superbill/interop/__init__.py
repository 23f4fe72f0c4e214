"""What passes between office, billing company, payer and patient: claims, remittances, files.

Reading and writing a claim is not pricing it: nothing here needs a pricer.
"""
